/// Lines on a Mac of one's own, spoken for by the program `imsg`, here or over ssh.
module partyline.drivers.imsg {
    requires transitive partyline.drivers;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports partyline.drivers.imsg;
}
