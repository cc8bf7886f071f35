package partyline.drivers.bluebubbles;

import java.util.Optional;
import partyline.drivers.KnownServices;
import partyline.drivers.bluebubbles.Chats.Chat;
import partyline.transport.Line;
import partyline.transport.Service;

/// How to reach a person now: in which chat (none: it must be begun), as SMS or not, by the Private API or AppleScript.
record Route(Optional<String> chat, boolean sms, boolean privately) {

    /// Finds the way to people on one line.
    record Finder(Line line, MacStatus status, KnownServices services, Chats chats) {

        /// Empty when the person has no iMessage and the line cannot or may not send SMS.
        Optional<Route> to(Chat chat) {
            MacStatus.Seen mac = status.now();
            boolean fallback = line.fallback() == Line.Fallback.SMS;
            Optional<Service> reached = services.of(chat.person());
            if (reached.isPresent() && reached.get() != Service.IMESSAGE) {
                return fallback ? Optional.of(by(chat, true, mac)).filter(sms -> sends(sms, mac)) : Optional.empty();
            }
            Route route = by(chat, false, mac);
            if (route.chat().isPresent() || reached.isPresent()) {
                return Optional.of(route);
            }
            Route sms = by(chat, true, mac);
            return sms.chat().isEmpty() ? Optional.of(route) : fallback ? Optional.of(sms) : Optional.empty();
        }

        /// Without the Private API the Mac does not tell whether an iPhone forwards; then an SMS chat must be there.
        private static boolean sends(Route sms, MacStatus.Seen mac) {
            return mac.sms()
                    || !mac.privateApi()
                            && sms.chat().filter(guid -> guid.startsWith("SMS")).isPresent();
        }

        private Route by(Chat chat, boolean sms, MacStatus.Seen mac) {
            Optional<String> found = chat.startsAnew() ? Optional.empty() : chats.find(chat, sms);
            return new Route(found, sms, mac.privateApi());
        }
    }

    String method() {
        return privately ? "private-api" : "apple-script";
    }

    boolean effects() {
        return privately && !sms;
    }

    Service service() {
        return sms ? Service.SMS : Service.IMESSAGE;
    }
}
