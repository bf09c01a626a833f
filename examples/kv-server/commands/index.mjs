// The list of all commands that this server knows.

import { CommandTable } from "../command-table.mjs";
import { connectionCommands } from "./connection.mjs";
import { expireCommands } from "./expire.mjs";
import { hashCommands } from "./hashes.mjs";
import { keyCommands } from "./keys.mjs";
import { listCommands } from "./lists.mjs";
import { pubsubCommands } from "./pubsub.mjs";
import { serverCommands } from "./server.mjs";
import { setCommands } from "./sets.mjs";
import { stringCommands } from "./strings.mjs";

export const allCommands = new CommandTable([
  ...connectionCommands,
  ...serverCommands,
  ...keyCommands,
  ...expireCommands,
  ...stringCommands,
  ...listCommands,
  ...hashCommands,
  ...setCommands,
  ...pubsubCommands,
]);
