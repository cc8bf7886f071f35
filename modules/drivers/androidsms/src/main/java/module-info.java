/// Lines of Android phones with a SIM card.
module partyline.drivers.androidsms {
    requires transitive partyline.drivers;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports partyline.drivers.androidsms;
}
