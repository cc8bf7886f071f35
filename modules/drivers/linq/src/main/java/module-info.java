/// Lines of Linq: iMessage, RCS and SMS.
module partyline.drivers.linq {
    requires transitive partyline.drivers;
    requires static transitive org.jspecify;

    exports partyline.drivers.linq;
}
