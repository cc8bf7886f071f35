/// Lines of Sendblue: iMessage, RCS and SMS.
module partyline.drivers.sendblue {
    requires transitive partyline.drivers;
    requires static transitive org.jspecify;

    exports partyline.drivers.sendblue;
}
