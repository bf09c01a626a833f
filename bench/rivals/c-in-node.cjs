// Contestant: the C++ echo on Node's own libuv loop; argv[2] is the built addon.
"use strict";

const path = require("node:path");

const echo = require(path.resolve(process.argv[2]));
console.log(`LISTENING ${echo.listen()}`);
