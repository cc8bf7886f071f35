package partyline.drivers.simulator;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import partyline.kernel.PhoneNumber;

/// Something that the [Simulator] is told to do wrong the next `times` times, on the line with that number or, without
/// one, on whichever line comes first. `delay` is how late [Kind#DELAY] makes a text. Forgotten when the server stops.
public record Fault(Optional<PhoneNumber> line, Kind kind, int times, Duration delay) {

    /// What goes wrong. The first eight meet the next sends, one fault each; the others what the line reports.
    public enum Kind {
        /// The line will never take the text.
        REFUSE,
        /// The line did not take it now, and may later.
        NOT_SENT,
        /// The line cannot tell whether it took it; it did, and finds it when it is asked again.
        UNKNOWN_SENT,
        /// The line cannot tell whether it took it; it did not, and says so when it is asked again: the text is then
        /// safe to send anew.
        UNKNOWN_LOST,
        /// The line takes it and later reports that it failed; the phone never shows it.
        FAIL,
        /// The line takes it and reports late that the person has no iMessage; the phone never shows it.
        FAIL_NO_IMESSAGE,
        /// The line takes it, and answers with the id of what it sent to this person before.
        REPEAT_ID,
        /// The line takes it, and it arrives late; what is sent to the same person after it arrives after it.
        DELAY,
        /// A receipt is lost: what it tells of happened all the same.
        DROP_RECEIPT,
        /// What a person did is told twice.
        DUPLICATE_INBOUND;

        /// The name in the control API, such as `unknown_sent`.
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// The kind that `wire` names.
        ///
        /// @throws IllegalArgumentException when it names none.
        public static Kind of(String wire) {
            return Arrays.stream(values())
                    .filter(kind -> kind.wire().equals(wire))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no kind of fault: " + wire));
        }
    }

    public Fault {
        if (times < 1 || delay.isNegative()) {
            throw new IllegalArgumentException("a fault happens once at least, and never too early");
        }
    }
}
