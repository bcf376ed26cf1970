"""A line that misbehaves: a small proxy between two nodes. `python -m tests.outside.proxy PORT HOST PORT FILE`.

FILE holds one JSON object and is read again at every step, so that a test can change the weather: `lose` (forward or
back: bytes of that direction vanish after `after` bytes), `delay` (seconds before each piece), `piece` (bytes a piece).
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

PIECE = 65_536


class Line:
    def __init__(self, host: str, port: int, weather: Path) -> None:
        self._host = host
        self._port = port
        self._weather = weather

    def weather(self) -> dict[str, Any]:
        try:
            found: dict[str, Any] = json.loads(self._weather.read_text())
        except ValueError:
            return {}
        return found

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: str) -> None:
        """One direction of one connection, until it ends."""
        carried = 0
        try:
            while piece := await reader.read(int(self.weather().get("piece", PIECE))):
                now = self.weather()
                await asyncio.sleep(float(now.get("delay", 0)))
                carried += len(piece)
                if now.get("lose") != way or carried <= int(now.get("after", 0)):
                    writer.write(piece)
                    await writer.drain()
        except OSError:
            pass
        finally:
            writer.close()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, back = await asyncio.open_connection(self._host, self._port)
        except OSError:
            writer.close()
            return
        await asyncio.gather(self.carry(reader, back, "forward"), self.carry(there, writer, "back"))


async def main() -> None:
    port, host, to, weather = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), Path(sys.argv[4])
    server = await asyncio.start_server(Line(host, to, weather).serve, "0.0.0.0", port)
    print("ready", flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
