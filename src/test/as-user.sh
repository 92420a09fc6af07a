#!/usr/bin/env bash
# Runs the tests as a user without privileges, started by root: in a copy of the tree, with a home that has
# nothing of root's but, read-only, what was downloaded for the tests. Root's own home is hidden behind it in a
# mount namespace of its own, so that the paths are the same. The user is one that this machine does not know.
# What is compiled is taken along.
#
# usage: as-user.sh TREE CACHE PYTHON [MAVEN ARGUMENT...]     JAVA_HOME is set; CACHE is Reprise's, PYTHON that of its
#                                                              environments; all may be below the home or elsewhere
set -euo pipefail
tree=$1 cache=$2 python=$3
shift 3
uid=60990
copy=$(mktemp -d)
chmod 755 "$copy"
mkdir "$copy/tree"
tar -C "$tree" --exclude=./target --exclude=./.git -cf - . | tar -C "$copy/tree" -xf -
mkdir "$copy/tree/target"
cp -a "$tree/target/app" "$tree/target/classes" "$tree/target/test-classes" "$copy/tree/target"
{ grep -v ":$uid:" /etc/passwd; echo "tester:x:$uid:$uid:a user for tests:$HOME:/bin/sh"; } >"$copy/passwd"
{ grep -v ":$uid:" /etc/group; echo "tester:x:$uid:"; } >"$copy/group"
mkdir "$copy/tmp" "$copy/kept"
chown -R $uid:$uid "$copy/tree" "$copy/tmp"

hide_home() {
	local path number=0 kept=()
	mount --bind "$copy/passwd" /etc/passwd
	mount --bind "$copy/group" /etc/group
	for path in "$HOME/.m2/repository" "$cache" "$JAVA_HOME" "$(readlink -f "$(command -v mvn)")/../.." "$python/../.."; do
		path=$(readlink -m "$path")
		case $path in "$HOME"/*)
			mkdir "$copy/kept/$number"
			mount --bind "$path" "$copy/kept/$number"
			kept+=("$path")
			number=$((number + 1))
			;;
		esac
	done
	mount -t tmpfs -o "mode=755,uid=$uid,gid=$uid,size=1g" tester "$HOME"
	number=0
	for path in "${kept[@]}"; do
		setpriv --reuid $uid --regid $uid --clear-groups mkdir -p "$path"
		mount --bind "$copy/kept/$number" "$path"
		mount -o remount,bind,ro "$path"
		number=$((number + 1))
	done
	mkdir "$HOME/tree"
	mount --bind "$copy/tree" "$HOME/tree"
}
export -f hide_home
export copy cache python uid

code=0
unshare --mount --propagation private bash -euo pipefail -c '
	hide_home
	cd "$HOME/tree"
	# By which uv and pip reach the package index on this machine.
	variables=()
	for name in $(compgen -e); do
		case ${name^^} in
			SSL_CERT_FILE|SSL_CERT_DIR|PIP_CERT|PIP_*INDEX_URL|PIP_FIND_LINKS|UV_*INDEX*|UV_*TLS|UV_SYSTEM_CERTS|*_PROXY) variables+=("$name=${!name}") ;;
		esac
	done
	exec setpriv --reuid $uid --regid $uid --clear-groups --inh-caps=-all env -i PATH="$PATH" HOME="$HOME" \
		JAVA_HOME="$JAVA_HOME" REPRISE_PYTHON="$python" XDG_CACHE_HOME="$(dirname "$cache")" LANG="${LANG:-C.UTF-8}" \
		TMPDIR="$copy/tmp" "${variables[@]}" ./reprise test --compiled "-Djava.io.tmpdir=$copy/tmp" "$@"
' as-user "$@" || code=$?
if [ $code -eq 0 ]; then
	rm -rf "$copy"
else
	echo "what the tests left: $copy/tree/target/surefire-reports" >&2
fi
exit $code
