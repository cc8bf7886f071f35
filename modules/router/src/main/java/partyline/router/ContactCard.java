package partyline.router;

import ezvcard.Ezvcard;
import ezvcard.VCard;
import ezvcard.VCardVersion;
import ezvcard.property.Telephone;
import partyline.identities.Identity;
import partyline.kernel.PhoneNumber;

/// The card (vCard 4.0) with which a person keeps an agent among their contacts.
final class ContactCard {

    private ContactCard() {}

    static String of(Identity agent, PhoneNumber line, PhoneNumber router) {
        VCard card = new VCard(VCardVersion.V4_0);
        card.setFormattedName(agent.shownName());
        card.addTelephoneNumber(new Telephone(line.text()));
        card.addNote(Texts.cardNote(agent, router));
        return Ezvcard.write(card).prodId(false).version(VCardVersion.V4_0).go();
    }
}
