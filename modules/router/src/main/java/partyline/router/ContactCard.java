package partyline.router;

import ezvcard.Ezvcard;
import ezvcard.VCard;
import ezvcard.VCardVersion;
import ezvcard.property.Telephone;
import java.util.regex.Pattern;
import partyline.identities.Identity;
import partyline.kernel.PhoneNumber;

/// The card (vCard 4.0) with which a person keeps an agent among their contacts. One that does not share who it is has
/// its handle and its number there.
final class ContactCard {

    /// Ends of lines that the writer of cards does not know, and that phones may take for some.
    private static final Pattern LINE_ENDS = Pattern.compile("[\\u000B\\u000C\\u0085\\u2028\\u2029]");
    /// Controls, and marks that turn the direction of what follows.
    private static final Pattern UNSEEN =
            Pattern.compile("[[\\p{Cc}&&[^\\t\\r\\n]]\\u061C\\u200E\\u200F\\u202A-\\u202E\\u2066-\\u2069]");

    private ContactCard() {}

    static String of(Identity agent, PhoneNumber line, PhoneNumber router) {
        VCard card = new VCard(VCardVersion.V4_0);
        card.setFormattedName(plain(
                agent.profile().contactSharing()
                        ? agent.fullName()
                        : agent.handle().text()));
        card.addTelephoneNumber(new Telephone(line.text()));
        card.addNote(plain(Texts.cardNote(agent, router)));
        return Ezvcard.write(card).prodId(false).version(VCardVersion.V4_0).go();
    }

    private static String plain(String text) {
        return UNSEEN.matcher(LINE_ENDS.matcher(text).replaceAll("\n")).replaceAll("");
    }
}
