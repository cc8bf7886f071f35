/// The address book of an organization.
module partyline.contacts {
    requires transitive partyline.rules;
    requires static transitive org.jspecify;

    exports partyline.contacts;
}
