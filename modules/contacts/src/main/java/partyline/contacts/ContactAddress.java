package partyline.contacts;

import java.util.Locale;
import java.util.Optional;
import partyline.kernel.PhoneNumber;

/// A number or a mail address, which belongs to one contact of an organization at most.
public record ContactAddress(Kind kind, String text) {

    /// What it is an address of.
    public enum Kind {
        EMAIL,
        PHONE;

        /// The name on the wire and in the database.
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public static ContactAddress of(PhoneNumber number) {
        return new ContactAddress(Kind.PHONE, number.text());
    }

    /// The number, if it is one.
    public Optional<PhoneNumber> number() {
        return kind == Kind.PHONE ? Optional.of(new PhoneNumber(text)) : Optional.empty();
    }

    /// Capitals make no other mailbox.
    public static ContactAddress email(String text) {
        return new ContactAddress(Kind.EMAIL, text.strip().toLowerCase(Locale.ROOT));
    }
}
