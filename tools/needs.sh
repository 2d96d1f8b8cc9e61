# Says in words what is missing before anything fails in its own.

# The SDK alone: enough for a hub, without its typefaces and without what the pages of demos take from npm.
need_sdk() {
  if ! command -v dotnet >/dev/null 2>&1; then
    echo "The .NET 10 SDK is missing: install it from your distribution or from dot.net, so that 'dotnet --version' prints 10." >&2
    return 1
  elif [[ $'\n'"$(dotnet --list-sdks)" != *$'\n'10.* ]]; then
    echo "The .NET SDK here is not version 10: 'dotnet --list-sdks' must list one." >&2
    return 1
  fi
}

has_node() {
  command -v npm >/dev/null 2>&1 && command -v node >/dev/null 2>&1 && [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ]
}

need_sdk_and_node() {
  local missing=0
  need_sdk || missing=1
  if ! command -v node >/dev/null 2>&1 || [ "$(node -p 'process.versions.node.split(".")[0]')" -lt 20 ]; then
    echo "Node 20 or newer is missing: it cuts the typefaces when the site is built." >&2
    missing=1
  elif ! command -v npm >/dev/null 2>&1; then
    echo "npm is missing: it comes with Node, or as a package of its own (Debian: npm)." >&2
    missing=1
  fi
  if [ "$missing" -ne 0 ]; then exit 1; fi
}

# Installs the Debian packages given, where that can be done; says which are missing where it cannot.
want_packages() {
  local wanted=() package
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || wanted+=("$package")
  done
  if [ ${#wanted[@]} -eq 0 ]; then return 0; fi
  if [ "$(id -u)" -ne 0 ]; then
    echo "Not installed, and only root could: ${wanted[*]}. Tests that need them are skipped by name." >&2
    return 0
  fi
  echo "Installing what tests need: ${wanted[*]}"
  # Answers for packages that would ask.
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq || true
  # One by one: a name that a release does not know must not keep the others away.
  for package in "${wanted[@]}"; do
    apt-get install -y -qq --no-install-recommends "$package" >/dev/null 2>&1 \
      || echo "apt-get could not install $package. Tests that need it are skipped by name." >&2
  done
}
