/// The Model Context Protocol at `/mcp`: what an agent does, as tools. A tool calls the code that the HTTP route of the
/// same deed calls; here is only how it is asked for, told and refused. Nothing of it but [partyline.app.mcp.McpRoutes]
/// is loaded before the first request.
@NullMarked
package partyline.app.mcp;

import org.jspecify.annotations.NullMarked;
