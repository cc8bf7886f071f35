package partyline.conversations;

import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.conversations.Message.Failure;
import partyline.transport.Outbox;
import partyline.transport.SendResult;
import partyline.transport.Transport;

/// The one place where a failed send gets the words that agents read: a sentence of ours for each code. What
/// a service said may name a line, which nobody is to know; it goes to the log alone, without the lines'
/// numbers.
final class FailureTexts {

    private static final Logger LOG = LoggerFactory.getLogger(FailureTexts.class);
    private static final int LONGEST_CODE = 64;

    private static final Map<String, String> SENTENCES = Map.ofEntries(
            Map.entry("imessage_assignment_inactive", "The connection ended before it was sent."),
            Map.entry("recipient_blocked", "Sending to this person was switched off before it was sent."),
            Map.entry(
                    SendResult.Refused.NO_IMESSAGE,
                    "The person has no iMessage, and their line can send them nothing else."),
            Map.entry(Outbox.NOT_SENT, "The line could not take it for a day: ask the operator to look at the line."),
            Map.entry(
                    Outbox.OUTCOME_UNKNOWN,
                    "Nobody could find out whether it was sent: ask the person before you send it again."),
            Map.entry(Outbox.INTERNAL, "The server could not handle it: ask the operator to look into the log."),
            Map.entry("delivery_error", "The line did not say why."),
            Map.entry("line_gone", "The line that carried this conversation is no longer configured."),
            Map.entry("text_too_long", "It is longer than the line can carry: send it in parts."),
            Map.entry("media_unavailable", "The line cannot fetch or carry the attachment: use an https address."),
            Map.entry("invalid_recipient", "The person's number cannot be texted: it is wrong, or a landline."),
            Map.entry("opted_out", "The person asked this line not to text them."),
            Map.entry("unreachable", "The person's phone is off or out of reach: send it again later."),
            Map.entry("blocked", "The person or their carrier blocks texts from this line."),
            Map.entry("filtered", "The carrier took it for spam: write it in other words."),
            Map.entry("region_off", "The line may not text the person's country: ask the operator to allow it."),
            Map.entry("unregistered", "The line is not registered for texting: ask the operator to register it."),
            Map.entry(
                    "link_in_first_message",
                    "The line carries no link in the first message to a person: send words first, then the link."),
            Map.entry("recipient_not_allowed", "The line's account may not text this person: ask the operator."),
            Map.entry("no_chat", "The line could not begin a chat with this person."),
            Map.entry("simulated_refusal", "The simulator was told to refuse this text."),
            Map.entry("simulated_failure", "The simulator was told to let this text fail on its way."));

    private final Transport transport;

    FailureTexts(Transport transport) {
        this.transport = transport;
    }

    /// Why `message` ends as `status`; `words` is what the line said about it.
    Failure of(Message message, Message.Status status, String said, String words) {
        String code = code(transport.lines().masked(said));
        LOG.info(
                "event=message_failed message={} status={} code={} words=\"{}\"",
                message.id(),
                status.wire(),
                code,
                transport.lines().masked(words));
        String sentence = SENTENCES.getOrDefault(code, "The line could not send or deliver it (" + code + ").");
        String title = status == Message.Status.DECLINED ? "The message was not sent" : "Delivery failed";
        return new Failure(code, title, code, sentence);
    }

    /// Lower case, digits and underscores; what could be a number is none of anybody's business.
    static String code(String said) {
        String code = said.toLowerCase(Locale.ROOT)
                .replaceAll("[0-9]{7,}", "_")
                .replaceAll("[^a-z0-9]+", "_")
                .replaceAll("^_+|_+$", "");
        String shortened = code.substring(0, Math.min(code.length(), LONGEST_CODE));
        return shortened.isEmpty() ? "delivery_error" : shortened;
    }
}
