package partyline.identities;

import java.util.Locale;

/// How an identity's rules are read: with `BLACKLIST` everybody passes but the blocked, with `WHITELIST` nobody but the
/// allowed.
public enum FilterMode {
    BLACKLIST,
    WHITELIST;

    /// The name on the wire and in the database.
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
