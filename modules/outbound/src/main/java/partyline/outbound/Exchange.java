package partyline.outbound;

import java.time.Duration;
import java.util.Map;

/// How a call ended.
public sealed interface Exchange {

    /// From the start of the call to its end, waiting for a connection included.
    Duration took();

    /// Whether the receiver took it.
    boolean success();

    /// The receiver answered, with whatever status. `headers` holds `retry-after` when it was sent and
    /// nothing else; `body` is at most the first 4 KiB, read as UTF-8 with what is malformed replaced.
    /// `inside` says that it came from an address which is not public: what such a one says is for admins
    /// alone.
    record Answered(int status, Map<String, String> headers, String body, boolean inside, Duration took)
            implements Exchange {

        public Answered {
            headers = Map.copyOf(headers);
        }

        @Override
        public boolean success() {
            return status >= 200 && status < 300;
        }
    }

    /// No whole answer came: refused, cut, too late, or an address that may not be called. Nobody knows
    /// whether the receiver saw the request. `detail` is for the owner of the URL.
    record NoAnswer(String detail, Duration took) implements Exchange {

        @Override
        public boolean success() {
            return false;
        }
    }
}
