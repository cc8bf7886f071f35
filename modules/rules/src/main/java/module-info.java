/// Contact rules and the verdict on a phone number.
module partyline.rules {
    requires transitive partyline.identities;
    requires static transitive org.jspecify;

    exports partyline.rules;
}
