"""What is sent, how often, and what is told of it: python3 -m unittest discover -s clients/python"""

from __future__ import annotations

import json
import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from latchkey import ConnectionFailed, Latchkey, LatchkeyError, UnknownOutcome

CUT = "cut"


class Server(ThreadingHTTPServer):
    """Answers step by step: a fake at the edge of the network."""

    def __init__(self, *steps: Any) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.steps = list(steps)
        self.seen: list[tuple[str, dict[str, str], bytes]] = []


class Handler(BaseHTTPRequestHandler):
    server: Server

    def answer(self) -> None:
        text = self.rfile.read(int(self.headers.get("content-length") or 0))
        self.server.seen.append((self.path, {name.lower(): value for name, value in self.headers.items()}, text))
        step = self.server.steps.pop(0)
        if step == CUT:
            self.close_connection = True
            return
        status, headers, body = step
        content = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {**headers, "content-length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PATCH = answer

    def log_message(self, *_: Any) -> None:
        pass


def refusal(status: int, code: str, **headers: str) -> tuple[int, dict[str, str], Any]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return status, {"x-request-id": "r", **named}, {"error": {"message": "No", "code": code, "details": None}, "request_id": "r"}


class TransportTest(unittest.TestCase):
    def world(self, *steps: Any) -> tuple[Latchkey, Server, list[float]]:
        server = Server(*steps)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        waits: list[float] = []
        url = f"http://127.0.0.1:{server.server_address[1]}"
        return Latchkey(url, "t", max_attempts=3, sleep=waits.append), server, waits

    def test_a_create_carries_one_key_in_each_attempt_and_waits_as_it_is_told(self) -> None:
        latchkey, server, waits = self.world(CUT, refusal(503, "unavailable", retry_after="7"), (201, {}, {"id": "c"}))
        self.assertEqual(latchkey.create_service_account({"name": "a"}).body, {"id": "c"})
        keys = {headers["idempotency-key"] for _, headers, _ in server.seen}
        self.assertEqual((len(server.seen), len(keys), waits[1]), (3, 1, 7.0))
        self.assertEqual(json.loads(server.seen[2][2]), {"name": "a"})

    def test_a_change_without_a_key_is_unknown_and_not_sent_again(self) -> None:
        for step in (CUT, refusal(502, "bad_gateway"), refusal(503, "unavailable")):
            latchkey, server, _ = self.world(step)
            with self.assertRaises(UnknownOutcome):
                latchkey.update_service_account("a", {"name": "b"})
            self.assertEqual(len(server.seen), 1)

    def test_a_change_that_was_turned_away_is_sent_again(self) -> None:
        latchkey, server, waits = self.world(refusal(429, "rate_limited", retry_after="2"), (200, {}, {}))
        latchkey.update_service_account("a", {"name": "b"})
        self.assertEqual((len(server.seen), waits), (2, [2.0]))

    def test_a_read_is_tried_as_often_as_is_said(self) -> None:
        latchkey, server, _ = self.world(CUT, CUT, CUT)
        with self.assertRaises(ConnectionFailed):
            latchkey.get_profile()
        self.assertEqual(len(server.seen), 3)

    def test_nobody_there_is_no_unknown_outcome(self) -> None:
        latchkey = Latchkey("http://127.0.0.1:1", "t", max_attempts=2, sleep=lambda _: None)
        with self.assertRaises(ConnectionFailed):
            latchkey.update_service_account("a", {"name": "b"})

    def test_a_refusal_is_told_with_its_code_and_request_id(self) -> None:
        latchkey, _, _ = self.world(refusal(409, "conflict"))
        with self.assertRaises(LatchkeyError) as caught:
            latchkey.get_profile()
        self.assertEqual((caught.exception.status, caught.exception.code, caught.exception.request_id), (409, "conflict", "r"))

    def test_a_redirect_is_not_followed(self) -> None:
        latchkey, server, _ = self.world((302, {"location": "http://127.0.0.1:1/"}, {}))
        with self.assertRaises(LatchkeyError):
            latchkey.get_profile()
        self.assertEqual(len(server.seen), 1)

    def test_pages_are_read_to_the_last(self) -> None:
        latchkey, server, _ = self.world((200, {"x-next-cursor": "n"}, [{"id": 1}]), (200, {}, [{"id": 2}]))
        self.assertEqual([one["id"] for one in latchkey.pages(latchkey.list_credentials, limit=1)], [1, 2])
        self.assertEqual(len(server.seen), 2)

    def test_what_is_in_a_path_stays_one_segment(self) -> None:
        latchkey, server, _ = self.world((200, {}, {}))
        latchkey.get_credential("a/../b")
        self.assertEqual(server.seen[0][0], "/api/integrations/credentials/a%2F..%2Fb")


if __name__ == "__main__":
    unittest.main()
