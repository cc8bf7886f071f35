/// How what is logged gets to standard error: one line for each event, as text or as JSON, by a level for each
/// module. It is behind SLF4J; nothing else knows it but the start of the program, which tells it what the
/// configuration says.
@NullMarked
package partyline.app.log;

import org.jspecify.annotations.NullMarked;
