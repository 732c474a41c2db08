"""Access tokens as the service issues them: `tokens.py COUNT` prints `person session token`."""

import hashlib
import os
import sys
import time

import jwt

key = os.environ["JWT_SECRET_KEY"]
now = int(time.time())
for number in range(1, int(sys.argv[1]) + 1):
    person = f"{number:08x}-0000-7000-8000-000000000000"
    claims = {
        "iss": "flowrex-development", "aud": "flowrex-api-development", "sub": person,
        "sid": f"bench-{number}", "role": "user", "iat": now, "exp": now + 900,
        "jti": f"t{number}"}
    kid = hashlib.sha256(key.encode()).digest()[:8].hex()
    print(person, claims["sid"], jwt.encode(claims, key, "HS256", {"kid": kid, "typ": "at+jwt"}))
