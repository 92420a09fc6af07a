# Builds an environment below $TARGET, in a sandbox that sees no more than what this needs. Nothing of what it installs is run:
# the interpreter that compiles is the one below the environment, without its packages.
set -eu
umask 022
cd /workspace/work
requirements=/workspace/inputs/requirements.txt
if [ -f /workspace/inputs/uv.lock ]; then
	cp /workspace/inputs/uv.lock /workspace/inputs/pyproject.toml .
	requirements=/workspace/outputs/requirements.txt
	"$UV" export --quiet --frozen --offline --no-dev --no-emit-project --no-header --no-annotate --format requirements.txt --output-file "$requirements" >/dev/null
fi
"$UV" venv --quiet --no-project --relocatable --python "$PYTHON" "$TARGET"
# shellcheck disable=SC2086
"$UV" pip install --require-hashes $BUILDS --link-mode hardlink --python "$TARGET/bin/python" --requirements "$requirements"
echo 'Compiling modules' >&2
"$PYTHON" -I -S -m compileall -q -j 0 -s "$TARGET" -p "$FINAL_PLACE" "$TARGET/lib" >/dev/null 2>&1 || :
echo 'Writing to the disk' >&2
sync -f "$TARGET"
