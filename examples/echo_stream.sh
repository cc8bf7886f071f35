#!/bin/sh
# The echo agent on the event stream: no webhook, no URL of its own. Any sh with curl and sed; see README.md.
api=${PARTYLINE_URL:-http://127.0.0.1:8080}/api/v1/imessage
place=${ECHO_PLACE:-echo.place} # the id of the last event that is dealt with
key="X-API-Key: ${PARTYLINE_API_KEY:?set it to the key of the agent}"

value() { # the text of that name, still escaped as JSON wants it, so it goes into the answer as it is
  printf '%s\n' "$event" | sed -nE 's/.*"'"$1"'":"(('"$2"'|\\.)*)".*/\1/p'
}
reply() { # an event may come twice, but is answered once: hence the Idempotency-Key
  said=$(value content '[^"\\]')
  printf '{"conversation_id": "%s", "text": "%s"}' \
    "$(value conversation_id '[0-9a-f-]')" "${said:+You said: }${said:-I got your file.}" |
    curl -sS --max-time 30 --retry 5 --fail-with-body -H "$key" -H "Idempotency-Key: $(value id '[evt_0-9a-f]')" \
      -H 'Content-Type: application/json' --data-binary @- "$api/messages" || echo ' (no reply)'
  echo
}
case $(curl -s --max-time 30 -o /dev/null -w '%{http_code}' -H "$key" "$api/conversations?limit=1") in
  401 | 403) echo 'The server does not know this key. Is PARTYLINE_API_KEY right?' >&2; exit 1 ;;
esac
while :; do # a silent stream says every 15 s that it lives, so curl may give up on one that says nothing
  resume=$(cat "$place" 2>/dev/null)
  curl -sSN --fail-with-body --speed-limit 1 --speed-time 40 -H "$key" -H 'Accept: text/event-stream' \
    ${resume:+-H "Last-Event-ID: $resume"} "$api/events?types=imessage.received" |
    while IFS= read -r line || [ -n "$line" ]; do
    case $line in
      ': open') echo listening ;;
      'id: '*) id=${line#id: } ;;
      '{"detail"'*) # the events after our place are gone, or are those of another history
        echo "$line" >&2
        next=$(printf '%s\n' "$line" | sed -nE 's/.*"next":"?([0-9]+).*/\1/p')
        [ -n "$next" ] && echo "$next" > "$place" ;;
      'data: '*) event=${line#data: }; reply ;;
      '') echo "$id" > "$place" ;; # an empty line ends an event
    esac
  done
  sleep 1
done
