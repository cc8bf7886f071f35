/// Inbound traffic: commands on the router line, everything else to its conversation.
module partyline.router {
    requires transitive partyline.conversations;
    requires com.googlecode.ezvcard;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports partyline.router;
}
