/** Style sheets are imported for their effect; vite reads them. */

declare module "*.css";
