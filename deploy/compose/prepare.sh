#!/bin/sh
# Makes the secrets that compose.yaml mounts, once; run it before the first `docker compose up`.
set -eu
cd "$(dirname "$0")"
umask 077
mkdir -p secrets
cd secrets
random() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }
keep() { [ -f "$1" ] || printf '%s' "$2" > "$1"; }

keep campaign_secret "$(random)$(random | cut -c1-16)"
keep postgres_password "$(random)"
keep redis_password "$(random)"
keep s3_access_key "campaign"
keep s3_secret_key "$(random)"
keep database_url "postgresql://campaign:$(cat postgres_password)@postgres:5432/campaign"
keep redis_url "redis://campaign:$(cat redis_password)@redis:6379/0"
digest=$(sha256sum redis_password | cut -d' ' -f1)
sed "s/#[0-9a-f]\{64\}/#$digest/" ../../redis/users.acl > users.acl
cat > s3.json <<END
{"identities": [{"name": "campaign", "actions": ["Admin"],
  "credentials": [{"accessKey": "$(cat s3_access_key)", "secretKey": "$(cat s3_secret_key)"}]}]}
END
chmod 644 ./*  # containers read them as other users; the folder is yours alone
chmod 700 .
echo "secrets are in $(pwd)"
