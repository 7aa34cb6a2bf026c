import type { World } from '../world/world';
import { queryProtocol } from './protocol-query';
import { read, service, type Service } from './service';

/** client-iam is no dependency: these are the schemas of the operations that anybody asks for. */
const NAMESPACE = 'com.amazonaws.iam';
const TEXTS = [1, NAMESPACE, 'Texts', 0, 0];
const ROLE = [3, NAMESPACE, 'Role', 0, ['RoleName', 'Arn'], [0, 0]];
const ROLE_REQUEST = [3, NAMESPACE, 'GetRoleRequest', 0, ['RoleName'], [0]];
const ROLE_RESPONSE = [3, NAMESPACE, 'GetRoleResponse', 0, ['Role'], [() => ROLE]];
const RESULT = [3, NAMESPACE, 'EvaluationResult', 0, ['EvalActionName', 'EvalResourceName', 'EvalDecision'], [0, 0, 0]];
const RESULTS = [1, NAMESPACE, 'EvaluationResults', 0, () => RESULT];
const SIMULATE_MEMBERS = ['PolicySourceArn', 'ActionNames', 'ResourceArns', 'Marker', 'MaxItems'];
const SIMULATE_REQUEST = [3, NAMESPACE, 'SimulateRequest', 0, SIMULATE_MEMBERS, [0, () => TEXTS, () => TEXTS, 0, 1]];
const SIMULATE_RESPONSE = [3, NAMESPACE, 'SimulateResponse', 0, ['EvaluationResults', 'IsTruncated', 'Marker'], [() => RESULTS, 2, 0]];
const ALIASES_REQUEST = [3, NAMESPACE, 'ListAccountAliasesRequest', 0, ['Marker', 'MaxItems'], [0, 1]];
const ALIASES_RESPONSE = [3, NAMESPACE, 'ListAccountAliasesResponse', 0, ['AccountAliases', 'IsTruncated', 'Marker'], [() => TEXTS, 2, 0]];
const SHAPES = {
  ListAccountAliases$: [9, NAMESPACE, 'ListAccountAliases', 0, () => ALIASES_REQUEST, () => ALIASES_RESPONSE],
  GetRole$: [9, NAMESPACE, 'GetRole', 0, () => ROLE_REQUEST, () => ROLE_RESPONSE],
  SimulatePrincipalPolicy$: [9, NAMESPACE, 'SimulatePrincipalPolicy', 0, () => SIMULATE_REQUEST, () => SIMULATE_RESPONSE],
};

export function iamService({ iam }: World): Service {
  return service({
    signingName: 'iam',
    iamPrefix: 'iam',
    sdkName: 'iam',
    client: SHAPES,
    protocol: queryProtocol('https://iam.amazonaws.com/doc/2010-05-08/'),
    operations: {
      ListAccountAliases: read(() => iam.listAccountAliases()),
      GetRole: read((input) => iam.getRole(input)),
      SimulatePrincipalPolicy: read((input) => iam.simulatePrincipalPolicy(input)),
    },
  });
}
