package partyline.kernel;

import java.util.Optional;
import java.util.regex.Pattern;

/// The id of a tenant: `org_` and lower-case letters or digits.
public record OrganizationId(String text) {

    private static final Pattern SHAPE = Pattern.compile("org_[0-9a-z]{1,64}");

    public OrganizationId {
        if (!SHAPE.matcher(text).matches()) {
            throw new IllegalArgumentException("not an organization id such as org_2abc");
        }
    }

    /// The id that `text` spells; empty when it cannot be one.
    public static Optional<OrganizationId> tryParse(String text) {
        return SHAPE.matcher(text).matches() ? Optional.of(new OrganizationId(text)) : Optional.empty();
    }

    @Override
    public String toString() {
        return text;
    }
}
