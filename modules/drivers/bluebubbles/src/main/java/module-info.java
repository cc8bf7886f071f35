/// Lines on a Mac of one's own, spoken for by its BlueBubbles server.
module partyline.drivers.bluebubbles {
    requires transitive partyline.drivers;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports partyline.drivers.bluebubbles;
}
