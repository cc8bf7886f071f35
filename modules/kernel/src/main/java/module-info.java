/// The few things every other module speaks: phone numbers, ids, the database, the journal.
module partyline.kernel {
    requires transitive java.sql;
    requires transitive org.jdbi.v3.core;
    requires transitive tools.jackson.databind;
    requires org.xerial.sqlitejdbc;
    // Jdbi is an automatic module and does not say that it needs this one; without it a module-path run dies.
    requires io.leangen.geantyref;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports partyline.kernel;
}
