# Lists. A list is one string with the byte 037 before each word: a word may have spaces and line
# ends, and thousands of files cost nothing. Where a list is split, the shell does it at that byte
# and nowhere else.
s=$(printf '\037')
IFS=$s

# Puts a word into the long list. A shell copies a string that grows, so words make pieces first.
list='' piece='' count=0
put() {
  piece=$piece$s$1 count=$((count + 1))
  if [ "$count" -eq 64 ]; then join; fi
}

# Takes the last piece into the list.
join() {
  list=$list$piece piece='' count=0
}
