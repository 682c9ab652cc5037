"""A walk through the API: PYTHONPATH=clients/python python3 clients/python/examples/tour.py

LATCHKEY_URL, LATCHKEY_TOKEN (an administrator's), LATCHKEY_HOST and LATCHKEY_PORT of an SFTP server to test.
"""

import os
import uuid

from latchkey import Latchkey, LatchkeyError

url = os.environ["LATCHKEY_URL"]
latchkey = Latchkey(url, os.environ["LATCHKEY_TOKEN"])
values = {
    "host": os.environ["LATCHKEY_HOST"],
    "port": int(os.environ["LATCHKEY_PORT"]),
    "username": "nobody",
    "password": "wrong on purpose",
}

# Tested before anything is stored: a test that fails is an answer.
kind = {"provider": "sftp", "credential_type": "user_password"}
report = latchkey.test_values({**kind, "credentials": values}).body
print(f"tested: {report['outcome']}")

# Made once, however often this is sent.
made = latchkey.create_credential({**kind, "name": f"Tour {uuid.uuid4()}", "tags": ["tour"], "credentials": values})
credential_id = made.body["id"]
print(f"made: version {made.body['version']}")

# A program of its own fetches the secret, once that is granted to it.
account = latchkey.create_service_account({"name": f"tour {credential_id}"}).body
to_it = {"subject_type": "service_account", "subject_id": account["id"]}
latchkey.create_grants({**to_it, "reach": "credential", "key": credential_id, "rights": ["use"]})
key = latchkey.create_api_key(account["id"], {"name": "tour", "scopes": ["all"]}).body
secrets = Latchkey(url, key["token"]).fetch_secrets(credential_id).body
print(f"fetched: the values of {secrets['username']}")

# Changed as it was read, and by nobody in between.
read = latchkey.get_credential(credential_id)
change = {"credential_type": "user_password", "credentials": {**values, "password": "another one"}}
changed = latchkey.update_credential(credential_id, change, if_match=read.etag)
print(f"changed: version {changed.body['version']}")
try:
    latchkey.update_credential(credential_id, {"credentials": {"password": "a third one"}}, if_match=read.etag, merge=True)
except LatchkeyError as error:
    if error.code != "precondition_failed":
        raise
    print(f"conflict: {error.status}, request {'named' if error.request_id else 'unnamed'}")

count = sum("tour" in one["tags"] for one in latchkey.pages(latchkey.list_credentials, tag="tour", limit=1))
print(f"listed: {'all pages' if count else 'nothing'}")

latchkey.delete_credential(credential_id)
latchkey.delete_service_account(account["id"])
print("deleted")
