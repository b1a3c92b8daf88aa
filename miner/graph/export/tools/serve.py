"""Offer this folder to Neo4j Browser: python serve.py [PORT]. Only this machine can reach it."""

import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Handler(SimpleHTTPRequestHandler):
    """Files of this folder, which pages from elsewhere may read."""

    def end_headers(self) -> None:
        """Say so in every answer."""
        self.send_header("Access-Control-Allow-Origin", "*")
        super().end_headers()


if __name__ == "__main__":
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8001
    server = ThreadingHTTPServer(("127.0.0.1", port), partial(Handler, directory=str(Path(__file__).parent)))
    print(f"http://localhost:{server.server_port}/ until Ctrl-C", flush=True)
    server.serve_forever()
