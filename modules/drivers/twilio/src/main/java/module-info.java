/// Lines of Twilio: SMS and MMS.
module partyline.drivers.twilio {
    requires transitive partyline.drivers;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports partyline.drivers.twilio;
}
