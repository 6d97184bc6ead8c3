# Finds a JDK, builds what is stale, and starts a program. Sourced by ./direktiv, ./direkcli and ./dev.

# Options of every program: small and quick to start, and what the C library keeps for nobody is given back, so that an
# idle server stays small. The last one: libraries that still use Unsafe need no warning for users.
jvm=(-XX:+UseSerialGC -Xms32m -XX:+UseCompactObjectHeaders -XX:TrimNativeHeapInterval=5000 --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow)

fail() {
  echo "direktiv: $1" >&2
  exit 1
}

# Takes the JDK in folder $1 when its version is 25 or later.
try_jdk() {
  local key value
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  while IFS='=' read -r key value; do
    [ "$key" = JAVA_VERSION ] || continue
    value=${value//\"/}
    [ "${value%%[!0-9]*}" -ge 25 ] || return 1
    export JAVA_HOME=$1
    # Maven's own libraries use what later JDKs warn about.
    export MAVEN_OPTS="--sun-misc-unsafe-memory-access=allow ${MAVEN_OPTS:-}"
    return 0
  done < "$1/release"
  return 1
}

# Sets JAVA_HOME to a JDK of version 25 or later: the user's, that of the last build, or what is installed.
# Starts no process on its usual ways, since every command pays for it.
find_jdk() {
  local candidate=
  try_jdk "${JAVA_HOME:-}" && return 0
  [ -z "${home:-}" ] || [ ! -r "$home/target/jdk" ] || read -r candidate < "$home/target/jdk" || true
  try_jdk "$candidate" && return 0
  for candidate in "$(p=$(command -v javac) && dirname "$(dirname "$(readlink -f "$p")")")" /usr/lib/jvm/*; do
    try_jdk "$candidate" && return 0
  done
  fail "no JDK 25 or later was found in JAVA_HOME, PATH or /usr/lib/jvm; install one (for example Eclipse Temurin 25) and set JAVA_HOME to it"
}

# Builds the program when a source is newer than the last build.
build() {
  local home=$1 built=$1/target/built
  if [ -e "$built" ] && [ -z "$(find "$home/src/main" "$home/pom.xml" -newer "$built" -print -quit)" ]; then
    return 0
  fi
  command -v mvn > /dev/null || fail "Maven was not found in PATH; install it (for example: apt-get install maven)"
  mkdir -p "$home/target" 2> /dev/null && : 2> /dev/null >> "$home/target/build.lock" ||
    fail "a source is newer than the last build, but $home/target cannot be written; run this once as its owner"
  (
    flock 9
    if [ -e "$built" ] && [ -z "$(find "$home/src/main" "$home/pom.xml" -newer "$built" -print -quit)" ]; then
      exit 0
    fi
    echo "direktiv: building (once)…" >&2
    touch "$built.new" # so that what changes from here on is built next time
    log=$home/target/build.log
    revision=$(git -C "$home" rev-parse --short HEAD 2> /dev/null) || revision=unknown
    if ! (cd "$home" && mvn -B -ntp -q package -Dmaven.test.skip=true "-Dbuild.suffix=+$revision") > "$log" 2>&1; then
      grep -m 20 ERROR "$log" >&2
      echo "direktiv: the build failed; the whole output is in $log" >&2
      exit 1
    fi
    (printf '%s' "$home/target/direktiv.jar"; for jar in "$home"/target/lib/*.jar; do printf ':%s' "$jar"; done) > "$home/target/classpath"
    train "$home" direktiv io.direktiv.Main run "$home/examples/helloworld.yml" --input '{"name":"Alan"}'
    train_server "$home"
    printf '%s\n' "$JAVA_HOME" > "$home/target/jdk"
    mv "$built.new" "$built"
  ) 9> "$home/target/build.lock" || exit 1
}

# Makes the cache of loaded classes for a program by running it once.
train() {
  local home=$1 name=$2
  shift 2
  rm -f "$home/target/$name.aot"
  "$JAVA_HOME/bin/java" -XX:AOTCacheOutput="$home/target/$name.aot" "${jvm[@]}" -cp "$(cat "$home/target/classpath")" "$@" > "$home/target/train-$name.log" 2>&1 || true
}

# Makes the caches of the server and of direkcli by starting a server, asking it for a few things, and stopping it.
train_server() {
  local home=$1 folder port grpc server body='{"name":"train"}'
  local log=$home/target/train-server.log
  folder=$(mktemp -d)
  rm -f "$home/target/server.aot" "$log" # an old log would say that this server is ready
  env -u DIREKTIV_CONFIG DIREKTIV_MASTER_KEY="$(head -c 32 /dev/urandom | base64)" \
    "$JAVA_HOME/bin/java" -XX:AOTCacheOutput="$home/target/server.aot" "${jvm[@]}" -cp "$(cat "$home/target/classpath")" \
    io.direktiv.Main server --data "$folder/data" --api-bind 127.0.0.1:0 --ingress-bind 127.0.0.1:0 --log-format text > "$log" 2>&1 &
  server=$!
  for _ in $(seq 600); do
    grep -qs '^ready' "$log" && break
    kill -0 $server 2> /dev/null || break
    sleep 0.1
  done
  port=$(sed -n 's/^UI and API .*:\([0-9]*\)$/\1/p' "$log")
  if [ -n "$port" ]; then
    ask "$port" POST /api/v2/namespaces "${#body}" "$body"
    ask "$port" GET /api/v2/namespaces 0 ''
    ask "$port" GET / 0 ''
  fi
  grpc=$(sed -n 's/^gRPC  *//p' "$log")
  if [ -n "$grpc" ]; then
    train "$home" direkcli io.direktiv.cli.Training "$grpc"
  fi
  kill $server 2> /dev/null || true
  wait $server || true
  rm -rf "$folder"
}

# Sends one HTTP request to a port of this machine: method, path, length of the body, body.
ask() {
  (
    exec 3<> "/dev/tcp/127.0.0.1/$1"
    printf '%s %s HTTP/1.1\r\nHost: 127.0.0.1:%s\r\nContent-Type: application/json\r\nContent-Length: %s\r\nConnection: close\r\n\r\n%s' \
      "$2" "$3" "$1" "$4" "$5" >&3
    timeout 5 cat <&3
  ) > /dev/null 2>&1 || true
}

# Java reads arguments and file names in the locale's encoding, so one without an encoding would mangle them.
use_utf8() {
  case ${LC_ALL:-${LC_CTYPE:-${LANG:-}}} in
    *[Uu][Tt][Ff]*) ;;
    *) export LC_ALL=C.UTF-8 ;;
  esac
}

# Starts main class $3 with the cache called $2.
start() {
  local home=$1 name=$2 main=$3 classpath cache=()
  shift 3
  [ -e "$home/target/$name.aot" ] && cache=("-XX:AOTCache=$home/target/$name.aot" -Xlog:aot=off -Xlog:cds=off)
  read -r classpath < "$home/target/classpath" || true
  use_utf8
  # shellcheck disable=SC2086
  exec "$JAVA_HOME/bin/java" "${jvm[@]}" "${cache[@]}" \
    "-Ddirektiv.home=$home" ${DIREKTIV_JAVA_OPTS:-} -cp "$classpath" "$main" "$@"
}
