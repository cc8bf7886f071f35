/// Files that agents upload and people send.
module partyline.media {
    requires transitive partyline.identities;
    requires transitive partyline.outbound;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports partyline.media;
}
