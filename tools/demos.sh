# How the parts of demos are built: programs into artifacts/demos/<slug> (those of tests into artifacts/demos-debug/<slug>), what pages take
# from npm into artifacts/demo-clients/<slug>. Wants $root, the repository, and needs.sh. Each says only what takes long or is missing.

# A demo's backend starts while somebody waits: compiled to machine code where there is a C compiler to link it.
build_demo_backend() {
  local project="$1" linker said
  linker=$(basename "$(command -v clang || command -v gcc || true)")
  if [ -n "$linker" ]; then
    if said=$(dotnet publish "$project" -c Release --use-current-runtime -p:DemoAot=true -p:DemoLinker="$linker" -v quiet -nologo -clp:NoSummary); then return; fi
  fi
  dotnet build "$project" -c Release -v quiet -nologo -clp:NoSummary || return
  if [ -n "$linker" ]; then echo "$said"; echo "So it was not compiled to machine code, and starts later than it could."; fi
}

demo_slug() { basename "$(dirname "$(dirname "$1")")"; }

# Why the last try to build a demo's program failed lies beside where it is built, for the hub to say; nothing lies there after one that did not.
# note_demo_build SLUG [WHAT THE BUILD SAID]
note_demo_build() {
  local note="$root/artifacts/demos/$1.failed"
  rm -f "$note"
  if [ $# -lt 2 ]; then return; fi
  mkdir -p "$(dirname "$note")"
  { demo_mistakes "$2" | head -n 1; } >"$note"
}

# Each mistake once, by the name its file has in this repository; everything that was said, where no line of it looks like one.
demo_mistakes() {
  local found
  found=$(grep -E ': error ' <<<"$1" | sed -e "s#$root/##g" -e 's# \[[^]]*\]$##' | awk '!seen[$0]++')
  echo "${found:-$1}"
}

# Fails where one could not be built; the others are built all the same.
build_demo_backends() {
  local project slug said failed=0
  for project in "$root"/content/demos/*/backend/*.csproj; do
    [ -f "$project" ] || continue
    slug=$(demo_slug "$project")
    # Its own sources decide, and what they stand on, whether there is anything to do.
    if [ ! -d "$root/artifacts/demos/$slug" ]; then echo "Building the demo $slug ..."; fi
    if said=$(build_demo_backend "$project" 2>&1); then
      note_demo_build "$slug"
      if [ -n "$said" ]; then echo "$said"; fi
    else
      demo_mistakes "$said"
      note_demo_build "$slug" "$said"
      echo "The program of the demo $slug could not be built; the reason is above." >&2
      failed=1
    fi
  done
  return "$failed"
}

# All of demos as ./run has them, to be seen or measured: programs, pages and data. With names, those demos' alone.
build_whole_demos() {
  local name project
  for name in "${@:-*}"; do
    for project in "$root"/content/demos/${name}/backend/*.csproj; do
      if [ -f "$project" ]; then build_demo_backend "$project" || return; fi
    done
    build_demo_clients "$name" && prepare_demos "$name" || return
  done
}

# A page that takes something from npm has a package.json beside it, whose script "build" writes to $DEMO_OUT. It is built in a copy: what
# npm unpacks is nobody's content. Fails where one could not be built; the others are built all the same. With a name, that demo's alone.
build_demo_clients() {
  local package slug made from stamp failed=0
  for package in "$root"/content/demos/${1:-*}/client/package.json; do
    [ -f "$package" ] || continue
    slug=$(demo_slug "$package")
    made="$root/artifacts/demo-clients/$slug" from="$root/artifacts/obj/demo-clients/$slug"
    if ! has_node; then
      echo "Node 20 or newer is missing: the page of the demo $slug is without what it takes from npm, and says so."
      continue
    fi
    stamp=$(cd "$(dirname "$package")" && find . -type f -not -path '*/node_modules/*' -print0 | sort -z | xargs -0 cat | cksum)
    if [ -f "$made/.built" ] && [ "$(cat "$made/.built")" = "$stamp" ]; then continue; fi
    echo "Building the page of the demo $slug ..."
    mkdir -p "$from"
    find "$from" -mindepth 1 -maxdepth 1 -not -name node_modules -exec rm -rf {} +
    cp -R "$(dirname "$package")/." "$from/"
    rm -rf "$made.next"
    mkdir -p "$made.next"
    # Whole or not at all: a hub that runs meanwhile goes on with the last one.
    if (cd "$from" && npm ci --no-fund --no-audit --loglevel=error >/dev/null && DEMO_OUT="$made.next" npm run --silent build); then
      echo "$stamp" >"$made.next/.built"
      rm -rf "$made"
      mv "$made.next" "$made"
    else
      echo "The page of the demo $slug could not be built; the reason is above." >&2
      rm -rf "$made.next"
      failed=1
    fi
  done
  return "$failed"
}

# A demo that needs data has an executable "prepare": it is given the folder its program was built into, and makes what is missing there.
# Fails where some could not be made. prepare_demos [NAME|* [small]]: with "small" it makes what tests need and no more, for the programs of tests.
prepare_demos() {
  local prepare slug failed=0 built=demos
  if [ "${2:-}" = small ]; then built=demos-debug; fi
  for prepare in "$root"/content/demos/${1:-*}/prepare; do
    [ -x "$prepare" ] || continue
    slug=$(basename "$(dirname "$prepare")")
    if [ ! -d "$root/artifacts/$built/$slug" ]; then continue; fi
    "$prepare" "$root/artifacts/$built/$slug" ${2:+"$2"} || { echo "The data of the demo $slug could not be made; the reason is above." >&2; failed=1; }
  done
  return "$failed"
}
