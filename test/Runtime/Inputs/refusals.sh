# refusals.sh PROGRAM FILE...: what the program says of each file, one line each; a file that is accepted is said as well.
program=$1
shift
for file; do
  if message=$("$program" "$file" info 2>&1); then
    echo "$file: accepted"
  else
    echo "$file: ${message%%$'\n'*}"
  fi
done
