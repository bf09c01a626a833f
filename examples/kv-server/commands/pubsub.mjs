// The commands on channels: SUBSCRIBE UNSUBSCRIBE PUBLISH.

/**
 * @typedef {import("../command-table.mjs").Command} Command
 * @typedef {import("../command-table.mjs").Run} Run
 * @typedef {import("../command-table.mjs").ReplyWriter} ReplyWriter
 */

/** @type {Run} */
function subscribe(session, args, reply) {
  for (let i = 1; i < args.count; i++) {
    const channel = args.text(i);
    session.subscriptions.add(channel);
    session.store.pubsub.subscribe(channel, session);
    confirm(reply, "subscribe", channel, session.subscriptions.size);
  }
}

/** @type {Run} */
function unsubscribe(session, args, reply) {
  const { subscriptions, store } = session;
  if (args.count === 1 && subscriptions.size === 0) {
    confirm(reply, "unsubscribe", undefined, 0);
    return;
  }
  const channels = args.count === 1 ? [...subscriptions] : [];
  for (let i = 1; i < args.count; i++) channels.push(args.text(i));
  for (const channel of channels) {
    subscriptions.delete(channel);
    store.pubsub.unsubscribe(channel, session);
    confirm(reply, "unsubscribe", channel, subscriptions.size);
  }
}

/**
 * @param {ReplyWriter} reply
 * @param {string} what
 * @param {string | undefined} channel
 * @param {number} count
 */
function confirm(reply, what, channel, count) {
  reply.array(3);
  reply.bulk(what);
  reply.bulk(channel);
  reply.integer(count);
}

const FLAGS = ["pubsub", "noscript", "loading", "stale"];

/** @type {Command[]} */
export const pubsubCommands = [
  { name: "subscribe", arity: -2, flags: FLAGS, keys: [0, 0, 0], whileSubscribed: true, run: subscribe },
  { name: "unsubscribe", arity: -1, flags: FLAGS, keys: [0, 0, 0], whileSubscribed: true, run: unsubscribe },
  {
    name: "publish",
    arity: 3,
    flags: ["pubsub", "loading", "stale", "fast"],
    keys: [0, 0, 0],
    run: (session, args, reply) => {
      reply.integer(session.store.pubsub.publish(args.text(1), args.borrowed(2)));
    },
  },
];
