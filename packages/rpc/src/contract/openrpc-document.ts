/** A JSON Schema of draft 7. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A parameter or result with its shape. Source: OpenRPC 1.3, content descriptor. */
export type ContentDescriptor = {
  readonly name: string;
  readonly description: string;
  readonly required?: boolean;
  readonly schema: JsonSchema;
};

/** A document that describes an interface. Source: OpenRPC 1.3. */
export type OpenRpcDocument = {
  readonly openrpc: string;
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly methods: readonly {
    readonly name: string;
    readonly summary: string;
    readonly paramStructure: 'either';
    readonly params: readonly ContentDescriptor[];
    readonly result: ContentDescriptor;
    readonly errors: readonly { readonly code: number; readonly message: string; readonly data: { readonly code: string } }[];
  }[];
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
};
