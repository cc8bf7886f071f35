/// Organizations, identities, API keys, signing keys.
module partyline.identities {
    requires transitive partyline.kernel;
    requires com.github.benmanes.caffeine;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports partyline.identities;
}
