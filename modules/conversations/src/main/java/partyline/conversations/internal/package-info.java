/// The tables of connections, conversations and messages, and the pipeline that sends.
@NullMarked
package partyline.conversations.internal;

import org.jspecify.annotations.NullMarked;
