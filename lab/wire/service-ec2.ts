import * as ec2Client from '@aws-sdk/client-ec2';
import type { World } from '../world/world';
import { ec2QueryProtocol } from './protocol-ec2-query';
import { read, service, type Service } from './service';

export function ec2Service({ ec2 }: World): Service {
  return service({
    signingName: 'ec2',
    iamPrefix: 'ec2',
    sdkName: 'ec2',
    client: ec2Client,
    protocol: ec2QueryProtocol('http://ec2.amazonaws.com/doc/2016-11-15/'),
    operations: {
      DescribeInstances: read((input) => ec2.describeInstances(input)),
      DescribeNetworkInterfaces: read((input) => ec2.describeNetworkInterfaces(input)),
      DescribeSecurityGroups: read((input) => ec2.describeSecurityGroups(input)),
      DescribeSubnets: read((input) => ec2.describeSubnets(input)),
    },
  });
}
