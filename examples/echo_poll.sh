#!/bin/sh
# The echo agent on the long poll, in twenty lines: sh, curl and sed, nothing else; see README.md.
api=${PARTYLINE_URL:-http://127.0.0.1:8080}/api/v1/imessage
place=${ECHO_PLACE:-echo.place} # the number of the last event that is dealt with
key="X-API-Key: ${PARTYLINE_API_KEY:?set it to the key of the agent; README.md shows how to make one}"
value() { printf '%s\n' "$answer" | sed -nE 's/.*"'"$1"'":"(('"$2"'|\\.)*)".*/\1/p'; } # still escaped, as JSON wants it
reply() { # an event may come twice, but is answered once: hence the Idempotency-Key
  said=$(value content '[^"\\]')
  sent=$(curl -sS --max-time 30 --retry 5 --retry-connrefused -w ' %{http_code}' -H "$key" -H "Idempotency-Key: $(value id '[evt_0-9a-f]')" "$api/messages" -d \
    "{\"conversation_id\": \"$(value conversation_id '[0-9a-f-]')\", \"text\": \"${said:+You said: }${said:-I got your file.}\"}")
  printf '%s\n' "$sent"
  case ${sent##* } in 408 | 429 | 5?? | 000) echo 'no reply yet' >&2 && return 1 ;; esac # any other refusal is final
}
while after=$(cat "$place" 2>/dev/null || :); do # the first answer only tells where to begin; others have one event at most
  [ -n "$after" ] && [ -z "$told" ] && told=yes && echo listening
  answer=$(curl -sS --max-time 70 -H "$key" -H 'Accept: application/json' "$api/events?types=imessage.received&limit=1${after:+&wait=50&after=$after}")
  case $answer in
    *'"code":"unauthorized"'*) echo 'The server does not know this key. Is PARTYLINE_API_KEY right?' >&2 && exit 1 ;;
    *'"events":['[!]]*) reply || { sleep 2 && continue; } ;; # its place is not written, so it is asked for again
    *'"detail"'* | '') echo "$answer" >&2 && sleep 2 ;; # a place that is gone is answered with the next one
  esac
  next=$(printf '%s\n' "$answer" | sed -nE 's/.*"next":([0-9]+).*/\1/p') && echo "${next:-$after}" > "$place.new" && mv "$place.new" "$place"
done
