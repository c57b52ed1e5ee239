import js from '@eslint/js';
import boundaries from 'eslint-plugin-boundaries';
import reactHooks from 'eslint-plugin-react-hooks';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** The walls of DESIGN section 3: protocol <- connection <- features <- app, with ui beside. */
const elements = [
  { type: 'protocol', pattern: 'src/protocol' },
  { type: 'connection', pattern: 'src/connection' },
  { type: 'ui', pattern: 'src/ui' },
  { type: 'feature', pattern: 'src/features/*' },
  { type: 'app', pattern: 'src/app' },
];

const mayImport = {
  connection: ['protocol'],
  feature: ['protocol', 'connection', 'ui'],
  app: ['protocol', 'connection', 'ui', 'feature'],
};

export default defineConfig([
  globalIgnores(['dist', 'src/protocol']),
  {
    files: ['**/*.{ts,tsx}'],
    extends: [
      js.configs.recommended,
      tseslint.configs.strictTypeChecked,
      reactHooks.configs.flat['recommended-latest'],
    ],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // Code points are what the server counts.
      '@typescript-eslint/no-misused-spread': 'off',
      'no-restricted-syntax': [
        'error',
        {
          selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']",
          message: 'Text is text.',
        },
        {
          selector: "CallExpression[callee.property.name='randomUUID']",
          message: 'Absent over plain HTTP; use randomId from connection.',
        },
        {
          selector: `BinaryExpression[left.property.name='key'][right.value=/^(Enter|Escape)$/]`,
          message: 'An input method may have taken it: keyOf() from ui.',
        },
        {
          selector: `JSXElement:not([openingElement.name.name='bdi']):not(:has(> JSXOpeningElement:has(> JSXAttribute[name.name='dir']))) > JSXExpressionContainer > :matches(MemberExpression[property.name=/^(name|senderName|userName)$/], Identifier[name='name'])`,
          message: 'A name runs its own way: put it into bdi, or give its element dir="auto".',
        },
        {
          selector: `TemplateLiteral > MemberExpression[property.name=/^(name|senderName|userName|title)$/]`,
          message: 'A name turns the words around it: isolated() from ui.',
        },
      ],
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    ignores: ['src/main.tsx'],
    plugins: { boundaries },
    settings: {
      'boundaries/elements': elements,
      'import/resolver': { node: { extensions: ['.ts', '.tsx', '.js', '.json'] } },
    },
    rules: {
      'boundaries/no-unknown-files': 'error',
      'boundaries/dependencies': [
        'error',
        {
          default: 'disallow',
          policies: [
            { allow: { to: { module: { origin: ['external', 'core'] } } } },
            ...Object.entries(mayImport).map(([from, to]) => ({
              from: { element: { type: from } },
              allow: { to: { element: { types: { anyOf: to } } } },
            })),
          ],
        },
      ],
    },
  },
  {
    files: ['**/*.test.{ts,tsx}'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
]);
