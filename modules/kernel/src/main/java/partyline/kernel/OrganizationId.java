package partyline.kernel;

import java.util.Optional;

/// The id of a tenant: `org_` and up to 64 lower-case letters or digits.
public record OrganizationId(String text) {

    private static final String PREFIX = "org_";
    private static final int LONGEST = PREFIX.length() + 64;

    public OrganizationId {
        if (!isCanonical(text)) {
            throw new IllegalArgumentException("not an organization id such as org_2abc");
        }
    }

    /// The id that `text` spells; empty when it cannot be one.
    public static Optional<OrganizationId> tryParse(String text) {
        return isCanonical(text) ? Optional.of(new OrganizationId(text)) : Optional.empty();
    }

    /// By hand: every row that is read passes here.
    private static boolean isCanonical(String text) {
        if (!text.startsWith(PREFIX) || text.length() == PREFIX.length() || text.length() > LONGEST) {
            return false;
        }
        for (int at = PREFIX.length(); at < text.length(); at++) {
            char found = text.charAt(at);
            if ((found < '0' || found > '9') && (found < 'a' || found > 'z')) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return text;
    }
}
