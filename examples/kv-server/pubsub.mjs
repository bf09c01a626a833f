// Carries messages from publishers to the subscribers of a channel.

/** @typedef {{ deliver(message: Buffer): void }} Subscriber */

export class PubSub {
  /** @type {Map<string, Set<Subscriber>>} */
  #channels = new Map();

  /** How many channels have subscribers. */
  get channels() {
    return this.#channels.size;
  }

  /**
   * @param {string} channel
   * @param {Subscriber} subscriber
   */
  subscribe(channel, subscriber) {
    const subscribers = this.#channels.get(channel);
    if (subscribers === undefined) this.#channels.set(channel, new Set([subscriber]));
    else subscribers.add(subscriber);
  }

  /**
   * @param {string} channel
   * @param {Subscriber} subscriber
   */
  unsubscribe(channel, subscriber) {
    const subscribers = this.#channels.get(channel);
    if (subscribers === undefined) return;
    subscribers.delete(subscriber);
    if (subscribers.size === 0) this.#channels.delete(channel);
  }

  /**
   * @param {string} channel
   * @param {Uint8Array} payload copied
   * @returns {number} how many subscribers it went to
   */
  publish(channel, payload) {
    const subscribers = this.#channels.get(channel);
    if (subscribers === undefined) return 0;
    const message = encodeMessage(channel, payload);
    for (const subscriber of subscribers) subscriber.deliver(message);
    return subscribers.size;
  }
}

/**
 * @param {string} channel
 * @param {Uint8Array} payload
 * @returns {Buffer} one for all subscribers, never changed
 */
function encodeMessage(channel, payload) {
  const head = `*3\r\n$7\r\nmessage\r\n$${channel.length}\r\n${channel}\r\n$${payload.length}\r\n`;
  const message = Buffer.allocUnsafe(head.length + payload.length + 2);
  message.write(head, 0, head.length, "latin1");
  message.set(payload, head.length);
  message.write("\r\n", head.length + payload.length, 2, "latin1");
  return message;
}
