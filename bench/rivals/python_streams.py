"""Contestant: echo on asyncio's streams; argv[1] names the loop, asyncio or uvloop."""

import asyncio
import sys


async def echo(reader, writer):
    while data := await reader.read(262144):
        writer.write(data)
        await writer.drain()
    writer.close()


async def main():
    # The same limit as ours: with the default of 64 KiB no read could ever return 256 KiB.
    server = await asyncio.start_server(echo, "127.0.0.1", 0, backlog=1024, limit=262144)
    print("LISTENING", server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if sys.argv[1] == "uvloop":
    import uvloop

    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
asyncio.run(main())
