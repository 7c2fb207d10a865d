# Shared by the scripts: plain sentences, and a plain sentence when a step fails. Source it.
# shellcheck shell=bash
set -Eeuo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf '%s\n' "$*" >&2; }

# step WHAT REMEDY: what is being done from here on, and what to do if it fails.
step() {
    doing=$1 remedy=$2
    say "$doing ..."
}

stopped() {
    say "Stopped at: ${doing:-starting}. ${remedy:-}"
}

fail() { # fail SENTENCE
    trap - ERR
    say "$*"
    exit 1
}

trap stopped ERR
