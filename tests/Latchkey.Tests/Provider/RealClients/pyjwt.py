# PyJWT: an API in Python that checks an access token and an ID token by the published keys.
import json
import ssl
import sys
import urllib.request

import jwt

settings = json.loads(sys.argv[1])
trusted = ssl.create_default_context(cafile=settings["authority"])
discovery = json.load(urllib.request.urlopen(settings["issuer"] + "/.well-known/openid-configuration", context=trusted))
keys = jwt.PyJWKSet.from_dict(json.load(urllib.request.urlopen(discovery["jwks_uri"], context=trusted)))


def verify(token, audience):
    key = next(key for key in keys.keys if key.key_id == jwt.get_unverified_header(token)["kid"])
    return jwt.decode(
        token,
        key.key,
        algorithms=discovery["id_token_signing_alg_values_supported"],
        audience=audience,
        issuer=discovery["issuer"],
        options={"require": ["exp", "iat", "iss", "aud", "sub"]},
    )


assert verify(settings["idToken"], settings["web"]["id"])["sub"] == settings["sub"]
assert jwt.get_unverified_header(settings["accessToken"])["typ"] == "at+jwt"
assert verify(settings["accessToken"], settings["issuer"])["client_id"] == settings["web"]["id"]
try:
    verify(settings["accessToken"], settings["web"]["id"])
    raise SystemExit("an access token was taken for an ID token")
except jwt.InvalidAudienceError:
    pass
print("ok")
