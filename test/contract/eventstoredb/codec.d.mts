/** The client's own gRPC and generated code, from a `node_modules` folder. */
export function loadStubs(modules: string): object;
