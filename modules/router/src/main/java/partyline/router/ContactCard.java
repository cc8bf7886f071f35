package partyline.router;

import ezvcard.Ezvcard;
import ezvcard.VCard;
import ezvcard.VCardVersion;
import ezvcard.parameter.ImageType;
import ezvcard.property.Photo;
import ezvcard.property.StructuredName;
import ezvcard.property.Telephone;
import java.util.Optional;
import java.util.regex.Pattern;
import partyline.identities.Identity;
import partyline.kernel.PhoneNumber;

/// The card (vCard 3.0) with which a person keeps an agent among their contacts. In that version phones take a
/// picture out of it; the one here is an address still, and the line that sends the card puts the bytes in its
/// place. An agent that does not share who it is has its handle and its number there.
final class ContactCard {

    /// Ends of lines that the writer of cards does not know, and that phones may take for some.
    private static final Pattern LINE_ENDS = Pattern.compile("[\\u000B\\u000C\\u0085\\u2028\\u2029]");
    /// Controls, and marks that turn the direction of what follows.
    private static final Pattern UNSEEN =
            Pattern.compile("[[\\p{Cc}&&[^\\t\\r\\n]]\\u061C\\u200E\\u200F\\u202A-\\u202E\\u2066-\\u2069]");

    private ContactCard() {}

    static String of(Identity agent, Optional<String> picture, PhoneNumber line, PhoneNumber router) {
        boolean shared = agent.profile().contactSharing();
        String name = plain(shared ? agent.fullName() : agent.handle().text());
        VCard card = new VCard(VCardVersion.V3_0);
        card.setFormattedName(name);
        // Phones call a contact what stands here.
        StructuredName structured = new StructuredName();
        structured.setGiven(name);
        card.setStructuredName(structured);
        card.addTelephoneNumber(new Telephone(line.text()));
        card.addNote(plain(Texts.cardNote(agent, router)));
        picture.filter(_ -> shared)
                .ifPresent(url -> card.addPhoto(new Photo(url, url.endsWith(".png") ? ImageType.PNG : ImageType.JPEG)));
        return Ezvcard.write(card)
                .prodId(false)
                .version(VCardVersion.V3_0)
                .includeTrailingSemicolons(true)
                .go();
    }

    private static String plain(String text) {
        return UNSEEN.matcher(LINE_ENDS.matcher(text).replaceAll("\n")).replaceAll("");
    }
}
