# Holds one job of `./reprise local`, as its user and without namespaces. Standard input is a pipe whose
# other end only the command has: when it closes, however that comes about, nothing of the job is left.
#
# usage: sh bare.sh FOLDER MARK LAYOUT PROGRAM ARGUMENT…   MARK is in the environment of all processes of the job
#
# Files in FOLDER, which is the command's own: pid (of the job, which leads its process group),
# status (exit CODE), closed (the pipe closed).

set -u
folder=$1 mark=$2 layout=$3
shift 3

# What left its group is found by its environment. Again and again, since one may be about to start another.
sweep() {
	round=0
	while [ $round -lt 250 ]; do
		left=$(grep -lszxF -e "REPRISE_RUN=$mark" /proc/[0-9]*/environ)
		[ -n "$left" ] || return 0
		for file in $left; do
			pid=${file#/proc/}
			kill -s KILL "${pid%/environ}"
		done 2>/dev/null
		round=$((round + 1))
		sleep 0.02
	done
}

watch() {
	while read -r word <&3; do
		if [ "$word" = INT ] && read -r pid <"$folder/pid"; then
			kill -s INT -- "-$pid"
		fi
	done
	: >"$folder/closed"
	if read -r pid <"$folder/pid"; then
		kill -s KILL -- "-$pid"
	fi
	sweep
	# Nobody else removes it then.
	[ -e "$folder/status" ] || [ -d "/proc/$parent" ] || rm -rf "$folder"
}

exec 3<&0 </dev/null
parent=$PPID
watch 2>/dev/null &
watcher=$!
exec 3<&-

if [ "$layout" = fixed ] && setarch -R true 2>/dev/null; then
	set -- setarch -R "$@"
fi
setsid sh -c 'echo $$ >"$0/pid.new" && mv "$0/pid.new" "$0/pid" && exec "$@"' "$folder" env "REPRISE_RUN=$mark" "$@"
code=$?
sweep
if [ ! -e "$folder/closed" ]; then
	echo "exit $code" >"$folder/status.new" && mv "$folder/status.new" "$folder/status"
	kill "$watcher" 2>/dev/null
fi
wait "$watcher" 2>/dev/null
exit "$code"
