# A Debian system in $root with the coach installed, a virtual sound card and a virtual camera, booted
# in a container with systemd as PID 1. Source it with the suite as first argument.
# shellcheck shell=bash
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

suite=${1:-trixie}
root=$PWD/.cache/boot-$suite
log=$root.log
nspawn='' leader=''
((EUID == 0)) || fail "Booting a system needs root: sudo scripts/boot-test"
for tool in mmdebstrap systemd-nspawn; do
    command -v "$tool" >/dev/null || fail "$tool is missing: apt-get install mmdebstrap systemd-container"
done

inside() { nsenter --target "$leader" --all "$@"; }

build() {
    step "Building Debian $suite in $root" "See mmdebstrap above."
    local mirror sources
    # shellcheck disable=SC2016  # apt's own placeholder
    mirror=$(apt-get indextargets --format '$(REPO_URI)' | grep -m1 '/debian/\?$')
    sources=$(mktemp --suffix=.list)
    printf 'deb %s %s main\n' "$mirror" "$suite" >"$sources"
    mkdir -p .cache
    mmdebstrap --quiet --variant=minbase \
        --include=systemd,systemd-sysv,dbus,ca-certificates,python3-venv,libportaudio2,espeak-ng,libatomic1,pulseaudio,pulseaudio-utils,libasound2-plugins \
        "$suite" "$root.new" "$sources"
    rm "$sources"
    mv "$root.new" "$root"
}

prepare() {
    # What this machine needs to reach packages, the system in the container needs, too.
    cp /etc/resolv.conf /etc/hosts "$root/etc/"
    cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
    if [[ -e /etc/pip.conf ]]; then cp /etc/pip.conf "$root/etc/"; fi
    local models=${COACH_DATA:-${XDG_DATA_HOME:-$HOME/.local/share}/coach}/models
    if [[ -d $models && ! -d $root/var/lib/coach/data/models ]]; then
        mkdir -p "$root/var/lib/coach/data/models"
        cp -r "$models"/{pose_detection,pose_landmark_full}.tflite "$models/vosk-en" \
            "$root/var/lib/coach/data/models/"
    fi
    rm -rf "$root/root/coach" "$root/var/lib/coach/state"
    mkdir -p "$root/root/coach"
    tar --create --exclude=.git --exclude=.venv --exclude=.cache --exclude=__pycache__ . |
        tar --extract --directory "$root/root/coach"

    # A sound card: what is played to `mouth` the coach's microphone hears.
    cat >"$root/etc/asound.conf" <<'CONF'
pcm.!default { type pulse }
ctl.!default { type pulse }
CONF
    mkdir -p "$root/etc/pulse"
    cat >"$root/etc/pulse/client.conf" <<'CONF'
default-server = unix:/run/sound/native
autospawn = no
enable-shm = no
CONF
    cat >"$root/etc/systemd/system/sound.service" <<'UNIT'
[Unit]
Description=Virtual sound card
Before=coach.service
[Service]
RuntimeDirectory=sound
RuntimeDirectoryMode=0755
ExecStart=/usr/bin/pulseaudio --daemonize=no --exit-idle-time=-1 --disallow-exit --use-pid-file=no -n \
    --load="module-native-protocol-unix socket=/run/sound/native auth-anonymous=1" \
    --load="module-null-sink sink_name=speaker rate=48000" \
    --load="module-null-sink sink_name=mouth rate=48000" \
    --load="module-remap-source source_name=microphone master=mouth.monitor"
ExecStartPost=/bin/sh -c 'until pactl set-default-sink speaker && pactl set-default-source microphone; do sleep .1; done'
[Install]
WantedBy=multi-user.target
UNIT
    # A room is never as still as a wire: the coach takes that for a microphone that is switched off.
    cat >"$root/etc/systemd/system/room.service" <<'UNIT'
[Unit]
Description=The noise of a quiet room, -62 dB
After=sound.service
Requires=sound.service
[Service]
ExecStart=/usr/bin/pacat --playback --device=mouth --rate=16000 --channels=1 --volume=6000 /dev/urandom
UNIT
    cat >"$root/etc/systemd/system/recorder.service" <<'UNIT'
[Unit]
Description=Records what the speaker plays
After=sound.service
Requires=sound.service
[Service]
ExecStart=/usr/bin/parec --device=speaker.monitor --file-format=wav --rate=16000 --channels=1 /run/heard.wav
UNIT
    local wants=$root/etc/systemd/system/multi-user.target.wants
    mkdir -p "$wants"
    ln -sf ../sound.service ../room.service ../recorder.service "$wants/"
}

install_coach() {
    step "Installing the coach in it" "See above."
    # shellcheck disable=SC2016  # $1 is the inner shell's
    unshare --mount --pid --fork bash -c '
        mount -t proc proc "$1/proc" && mount --rbind /dev "$1/dev" &&
        exec chroot "$1" env -i HOME=/root LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin \
            PIP_CERT=/etc/ssl/certs/ca-certificates.crt /bin/bash -euc "
                /root/coach/scripts/install
                # A camera, in a process of its own as every live one: the recorded trainee.
                cp /root/coach/scripts/boot/picamera2.py /opt/coach/current/.venv/lib/python*/site-packages/
                # For the upgrade, which happens in the container, where there is no network.
                cd /root/coach/requirements
                lock=\$(ls /opt/coach/current/.venv/lib | sed s/python/run-/).lock
                for list in build.lock \$lock; do
                    /opt/coach/current/.venv/bin/pip download --quiet --require-hashes \
                        --no-build-isolation --dest /root/wheels --requirement \$list
                done"' _ "$root"
}

boot() {
    step "Booting" "See $log."
    SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 setsid systemd-nspawn --boot --register=no --keep-unit \
        --private-network --capability=all --system-call-filter=bpf --directory="$root" \
        --machine="coach-$suite" --console=pipe --resolv-conf=off </dev/null >"$log" 2>&1 &
    nspawn=$!
    trap power_off EXIT
    local try
    for ((try = 0; try < 200; try++)); do
        leader=$(pgrep --parent "$nspawn" | head -n 1) || true
        if [[ $leader ]] && inside test -S /run/systemd/private 2>/dev/null; then return; fi
        sleep 0.1
    done
    fail "FAILED: systemd does not come up; see $log."
}

power_off() {
    trap - ERR
    [[ -z $leader ]] || kill -KILL "$leader" 2>/dev/null || true
    [[ -z $nspawn ]] || wait "$nspawn" 2>/dev/null || true
}
