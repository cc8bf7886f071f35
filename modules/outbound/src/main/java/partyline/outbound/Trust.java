package partyline.outbound;

/// For whom a client calls, and so where its connections may go.
enum Trust {
    /// Public addresses, as everybody may.
    PUBLIC,
    /// The operator's networks too.
    OPERATOR,
    /// The operator's networks alone, since nothing protects what is said.
    OPERATOR_PLAIN;

    /// The trust for a URL in normal form.
    static Trust of(String url, boolean operator) {
        if (!operator) {
            return PUBLIC;
        }
        return url.regionMatches(true, 0, "http:", 0, "http:".length()) ? OPERATOR_PLAIN : OPERATOR;
    }
}
