#!/bin/bash
# Health check of an image that need not have curl: http-health.sh PORT PATH, successful when the answer is 200.
# Bounded by the caller: Docker kills it after the check's own timeout.
set -eu
exec 3<>"/dev/tcp/127.0.0.1/$1"
printf 'GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' "$2" >&3
IFS= read -r answer <&3
[[ $answer == 'HTTP/1.1 200'* ]] || { echo "$answer" >&2; exit 1; }
